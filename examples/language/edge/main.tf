# The public side: one proxy.

variable "vpc" {
  type = string
}

variable "subnet" {
  type = string
}

resource "aws_security_group" "proxy" {
  vpc_id = var.vpc

  ingress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["0.0.0.0/0"]
  }

  egress {
    protocol    = "tcp"
    from_port   = 8080
    to_port     = 8080
    cidr_blocks = ["10.10.0.0/16"]
  }
}

resource "aws_instance" "proxy" {
  ami                         = "ami-0a49b025fffbbdac6"
  instance_type               = "t3.micro"
  subnet_id                   = var.subnet
  associate_public_ip_address = true
  vpc_security_group_ids      = [aws_security_group.proxy.id]
}

output "security_group" {
  value = aws_security_group.proxy.id
}
