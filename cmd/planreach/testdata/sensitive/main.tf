terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  region = "eu-central-1"
}

variable "office" {
  type      = string
  default   = "198.51.100.0/24"
  sensitive = true
}

resource "aws_security_group" "web" {
  name = "web"

  ingress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = [var.office]
  }
}

resource "aws_instance" "web" {
  ami                    = "ami-0a49b025fffbbdac6"
  instance_type          = "t3.micro"
  vpc_security_group_ids = [aws_security_group.web.id]
}
