# One customer's batch worker.

variable "vpc" {
  type = string
}

variable "subnet" {
  type = string
}

variable "tier" {
  type = string
}

resource "aws_security_group" "worker" {
  vpc_id = var.vpc

  ingress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["10.10.11.0/24"]
  }

  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["10.10.0.0/16"]
  }
}

resource "aws_instance" "worker" {
  ami                    = "ami-0a49b025fffbbdac6"
  instance_type          = "t3.micro"
  subnet_id              = var.subnet
  vpc_security_group_ids = [aws_security_group.worker.id]
}
